"""The titles of the pages by their part of the address; the playground's is empty."""

TITLES = {
    "": "Descent playground",
    "catalogue": "Catalogue",
    "update_rule": "The update rule",
    "red_circle": "The red circle",
    "two_gradients": "Two ways to a gradient",
    "neuron_surface": "Error surface of a neuron",
    "sum_of_gradients": "Sum of gradients",
    "stochastic_descent": "Stochastic gradient descent",
    "feature_scaling": "Feature scaling",
    "learning_rate": "Learning rate",
    "adagrad": "Adagrad and its family",
    "best_step": "The best step",
    "stuck": "Where descent gets stuck",
    "own_surface": "Your own surface",
}
