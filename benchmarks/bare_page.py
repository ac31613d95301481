"""The least that a Streamlit page can be: a slider and its value."""

import streamlit as st

app = st.App(__file__)

if __name__ == "__main__":
    st.write(f"rate {st.slider('Learning rate', 0, 1000, 10, key='rate')}")
