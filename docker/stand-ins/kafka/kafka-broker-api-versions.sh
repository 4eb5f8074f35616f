#!/bin/bash
# Whether the broker answers, for a health check.
address=${2#*:}
exec 3<> "/dev/tcp/${2%:*}/$address"
