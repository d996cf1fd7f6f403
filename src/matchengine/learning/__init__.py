"""From what people said to a proposal: weights, calibration, history, KPIs. Nothing here is adopted by itself."""
