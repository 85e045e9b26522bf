"""xgrammar and llguidance as judges of our grammars: a JSON line in, a JSON line out, in order, until the input ends.

In: {"notation": "ebnf" | "structural-tag" | "lark", "grammar": text, "texts": [text]}.
Out: {"accepted": [true | false]}, one for each text, or {"refused": reason} for a grammar that the judge does not take.
"""

import json
import os
import sys
import types


class Nothing:
    """Stands where a module is imported for its names only."""

    def __init__(self, *given, **named):
        pass


def stand_in(name, **known):
    module = types.ModuleType(name)
    module.__path__ = []
    module.__dict__.update(known)
    module.__getattr__ = lambda _: Nothing
    sys.modules[name] = module


# xgrammar imports these for tensors and tokenizers; grammars and texts need neither
stand_in("torch", __version__="0", tensor=Nothing, int32=None)
stand_in("transformers")
stand_in("numpy")
stand_in("numpy.typing")
os.environ["TVM_FFI_DISABLE_TORCH_C_DLPACK"] = "1"

import llguidance  # noqa: E402
import xgrammar  # noqa: E402

compiler = xgrammar.GrammarCompiler(xgrammar.TokenizerInfo([]), cache_enabled=False)
bytes_as_tokens = llguidance.LLTokenizer("byte")


def judge_with_xgrammar(grammar, texts):
    compiled = compiler.compile_grammar(grammar)

    def accepts(text):
        matcher = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
        return matcher.accept_string(text) and matcher.is_terminated()

    return [accepts(text) for text in texts]


def judge_with_llguidance(grammar, texts):
    start = llguidance.LLMatcher(bytes_as_tokens, grammar, log_level=0)

    def accepts(text):
        tokens = bytes_as_tokens.tokenize_str(text)
        matcher = start.deep_copy()
        return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()

    if start.is_error():
        raise ValueError(start.get_error())
    return [accepts(text) for text in texts]


judges = {
    "ebnf": judge_with_xgrammar,
    "structural-tag": lambda grammar, texts: judge_with_xgrammar(xgrammar.Grammar.from_structural_tag(grammar), texts),
    "lark": judge_with_llguidance,
}


def answer(question):
    try:
        return {"accepted": judges[question["notation"]](question["grammar"], question["texts"])}
    except Exception as error:  # the judges' own errors have no common class
        return {"refused": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
