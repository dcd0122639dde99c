"""The app in visitors' browsers: `rnnquiz serve`."""
