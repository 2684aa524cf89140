# Fetches the model that ASK_MODEL names (or else the user's setting, or else the default), once, if llama.cpp is there.
# Usage: sh pull-model.sh BIN DONE. Fails only when interrupted: without the model, answers come from the index.
model=${ASK_MODEL:-${SUREFOOT_MODEL:-default}}

case $model in
    none | */* | *.gguf) exit 0 ;; # none, or a path or address: nothing of ours to fetch
esac
if [ -e "$2/model-$model" ] || ! "$1/python" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("llama_cpp"))'; then
    exit 0
fi
"$1/surefoot" models pull "$model" >/dev/null # the path of the file is not part of the answer
code=$?
case $code in
    0) : >"$2/model-$model" ;;
    130) exit 130 ;;
    *) echo "Answers will be taken from the index until the model is there; the next call tries again." >&2 ;;
esac
