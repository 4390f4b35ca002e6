"""The form and control panels of the Descent workspace: function, race, playback, and the step in numbers."""
