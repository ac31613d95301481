"""A page with one slider and the three pictures of the playground, drawn in a way that its link names.

`?how=plotly_chart` draws them with st.plotly_chart, `?how=canvas` on the canvas, `?how=nothing` not at all.
"""

import streamlit as st

from ui.canvas.routes import ROUTES

app = st.App(__file__, routes=ROUTES)

if __name__ == "__main__":
    from browser.pictures import pictures
    from figures import LIGHT
    from lessons.experiment import experiment
    from lessons.settings import Settings
    from ui.canvas import canvas

    st.set_page_config(layout="wide")
    how = st.query_params.get("how", "canvas")
    rate = st.slider("rate", 1, 1000, 10, key="rate")
    if how != "nothing":
        rules = ("GradientDescent", "Momentum", "RMSProp", "Adam")
        done = experiment(Settings(optimizers=rules, learning_rate=rate / 1000, updates=200))
        figures = pictures(done, LIGHT, 430)
        for figure in figures.values():
            figure.layout.meta = rate
        if how == "canvas":
            canvas(figures, {}, key="canvas", steps=200, revision="himmelblau")
        else:
            for column, (name, figure) in zip(st.columns(3), figures.items(), strict=True):
                column.plotly_chart(figure, theme=None, key=name)
    st.html(f"<p id='answer' data-rate='{rate}'>{rate}</p>")
