#!/bin/sh
# Runs the pipeline of July 2013 and prints what came out. The second time there is nothing left to do.
set -eu
cd "$(dirname "$0")"
kernel run demo
python show.py 2013-07
