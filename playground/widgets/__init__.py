"""Qt widgets: plain values in through slots, wishes out through signals; one folder a panel."""
