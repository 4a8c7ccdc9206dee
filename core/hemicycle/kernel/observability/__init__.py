"""What a process does, for whoever runs it: lines of log, numbers, spans. Never what people say, or who they are."""
