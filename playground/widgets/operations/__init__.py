"""Operations explained: a catalogue, and one operation's operands and results cell by cell."""
