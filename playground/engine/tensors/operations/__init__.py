"""Operations on tensors: a catalogue with runnable examples, and what one does to the tensors at hand."""
