#!/bin/sh
# A hundred thousand tasks in two processes, ended after some seconds by Ctrl-C, twice, as from the keyboard; then resumed.
set -eu
cd "$(dirname "$0")"
output=../../demo-output/hundred_thousand
rm -rf "$output"

echo "--- the run; Ctrl-C twice after ${1:-6} seconds"
# A shell without job control starts background commands deaf to Ctrl-C: python gives it its ears back.
python -c '
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp("kernel", ["kernel", "run", "demo"])' &
run=$!
sleep "${1:-6}"
kill -INT $run
kill -INT $run
wait $run || echo "--- ended with exit code $?"
echo "--- $(find "$output" -name '*.txt' | wc -l) of 100,000 files are there, none of them half written"

echo "--- the same run again: it goes on where it was"
kernel run demo
echo "--- $(find "$output" -name '*.txt' | wc -l) files, and π is about $(cat "$output"/pi_9.txt)"
