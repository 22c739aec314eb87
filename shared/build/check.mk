# Lint, tests, fuzzing, benchmarks.
clean:
	rm -rf .build

help:
	@sed -n '2,4s/^# //p' Makefile
.PHONY: clean help
