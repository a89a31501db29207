"""A model file in memory. The one module that imports llama_cpp; it lives in the model process.

Only `Llama(...)` and `Llama.generate()` are used. `create_chat_completion` loses text and
ignores tools, `detokenize` drops long tokens, and two threads on one `Llama` crash it.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import llama_cpp
from llguidance import LLMatcher, LLTokenizer
from llguidance.numpy import allocate_token_bitmask

from assistant.models.chat_template import ChatTemplate, TemplateWrong, defused
from assistant.models.constraint import Constraint
from assistant.models.prefixes import common
from assistant.models.tool_calls import MARKS

# The bindings type C integers as classes of their own, which Python integers are not.
_cpp: Any = llama_cpp
_PIECE_BYTES = 512
BATCH = 512
"""Tokens of a prompt that are read at once; more or fewer gain nothing."""
_STATES_BYTES = 96 * 2**20
_WORTH_SAVING = 64
_LONG = 32


class LoadFailed(Exception):
    """llama.cpp does not take this file, or there is not enough memory for it."""


class TooLong(Exception):
    """The prompt has more tokens than the context."""

    def __init__(self, tokens: int, context: int) -> None:
        super().__init__(f"{tokens} tokens of {context}")
        self.tokens, self.context = tokens, context


class GrammarWrong(Exception):
    """A grammar that does not compile with this vocabulary, or whose limits are exceeded."""


class Stopped(Exception):
    """The caller's `stop` said so in the middle of a computation."""


@dataclass
class Writing:
    """An answer in the making: everything needed to go on after a pause."""

    prompt: list[int]
    most: int
    temperature: float
    seed: int
    matcher: LLMatcher | None
    out: list[int] = field(default_factory=list[int])
    cached: int = 0
    finish: str = ""
    forced: list[int] = field(default_factory=list[int])
    forced_at: int = -1
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )


@dataclass(frozen=True)
class _State:
    tokens: list[int]
    data: bytes


class LoadedModel:
    """One model, ready to answer. Not to be used by two threads at once."""

    def __init__(
        self,
        path: str,
        *,
        context: int,
        threads: int,
        embeds: bool = False,
        kept: int = _STATES_BYTES,
    ) -> None:
        """`kept`: bytes of what has been read that stay for conversations that alternate."""
        self.path, self.embeds, self.threads, self._most_kept = path, embeds, threads, kept
        try:
            self._llama = _Llama(
                model_path=path, n_ctx=context, n_threads=threads, n_threads_batch=threads,
                n_batch=BATCH, embedding=embeds, verbose=False, seed=1,
            )  # fmt: skip
        except (ValueError, RuntimeError, OSError, MemoryError) as wrong:
            raise LoadFailed(str(wrong)) from wrong
        self._vocab = self._llama._model.vocab  # pyright: ignore[reportPrivateUsage]
        self._context = self._llama.ctx
        self._piece = ctypes.create_string_buffer(_PIECE_BYTES)
        self._states = list[_State]()
        self._mask = allocate_token_bitmask(1, self.vocabulary)
        self._stop: Callable[[], bool] = lambda: False
        self._abort = _cpp.ggml_abort_callback(self._asked_to_stop)
        self._asked = False
        self._never = _cpp.ggml_abort_callback(0)
        self._scan_vocabulary()
        self._tokenizer: LLTokenizer | None = None
        try:
            self.template = ChatTemplate(
                self._llama.metadata.get("tokenizer.chat_template", ""),
                bos=self._token_text(_cpp.llama_vocab_bos(self._vocab)),
                eos=self._token_text(_cpp.llama_vocab_eos(self._vocab)),
            )
        except TemplateWrong as wrong:
            raise LoadFailed(str(wrong)) from wrong

    def _asked_to_stop(self, _data: Any) -> bool:
        return self._stop()

    def close(self) -> None:
        self._states.clear()
        self._llama.close()

    @property
    def vocabulary(self) -> int:
        return self._llama.n_vocab()

    @property
    def context(self) -> int:
        return self._llama.n_ctx()

    @property
    def tool_markup(self) -> str:
        """How this model was taught to write calls, as `compile_tools` names it.

        `other` is a markup without a grammar: its calls are read and checked afterwards.
        """
        source = self.template.source
        if "<tool_call>" in source or not self.template.knows_tools:
            return "hermes"
        if "[TOOL_CALLS] [" in source or "[TOOL_CALLS][" in source:
            return "mistral"
        if "<|tool_call|>" in source:
            return "listed"
        # Functionary, which is made from Llama, names its functions in tags.
        says_so = '"parameters": dictionary' in source or "<|python_tag|>" in source
        return "llama" if says_so and "<function=" not in source else "other"

    # Prompts

    def prompt(
        self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]]
    ) -> list[int]:
        """The tokens of the conversation. Raises TemplateWrong."""
        safe = [{**m, "content": defused(m["content"], self._control)} for m in messages]
        text = self.template.render(safe, tools)
        bos = self._token_text(_cpp.llama_vocab_bos(self._vocab))
        wants_bos = _cpp.llama_vocab_get_add_bos(self._vocab) and not (bos and text.startswith(bos))
        return self._llama.tokenize(text.encode(), add_bos=bool(wants_bos), special=True)

    def count(self, text: str) -> int:
        return len(self._llama.tokenize(text.encode(), add_bos=False, special=False))

    # Answers

    def begin(
        self, prompt: list[int], *, most: int, temperature: float, seed: int, grammar: str = ""
    ) -> Writing:
        """An answer that has not begun. Raises TooLong and GrammarWrong."""
        room = self.context - len(prompt) - 1
        if room < min(most, 16):
            raise TooLong(len(prompt), self.context)
        matcher = None
        if grammar:
            matcher = LLMatcher(self._grammar_tokenizer(), grammar, log_level=0)
            if matcher.is_error():
                raise GrammarWrong(matcher.get_error().split("\n")[0])
        return Writing(prompt, min(most, room), temperature, seed, matcher)

    def write(self, writing: Writing, stop: Callable[[], bool]) -> Iterator[str]:
        """The pieces of text as they come; ends when `writing.finish` is set, or after a pause.

        Leave the iterator to pause; call again to go on. Raises Stopped when `stop` says so.
        """
        self._stop = stop
        try:
            yield from self._write(writing)
        except RuntimeError as wrong:
            if stop():
                raise Stopped from wrong
            raise
        finally:
            self._stop = lambda: False

    def _write(self, writing: Writing) -> Iterator[str]:
        while not writing.finish:
            forced = self._forced(writing)
            if forced:
                yield self._took(writing, forced)
                if writing.finish:
                    return
            # A new generator after forced tokens: it reads them as one batch, as part of the prompt.
            yield from self._sampled(writing)

    def _sampled(self, writing: Writing) -> Iterator[str]:
        tokens = writing.prompt + writing.out
        self._recall(tokens)
        if not writing.out:
            writing.cached = common(self._llama.input_ids[: self._llama.n_tokens], tokens)
        matcher = writing.matcher
        self._llama.constraint = Constraint(matcher, self._mask) if matcher else None
        self._llama.set_seed(writing.seed + len(writing.out))
        generator = self._llama.generate(tokens, temp=writing.temperature)
        self._interruptible(len(tokens) - self._llama.n_tokens > _LONG)
        with contextlib.closing(generator):
            for token in generator:
                self._interruptible(False)
                if self._stop():
                    raise Stopped
                yield self._took(writing, [token])
                if writing.finish or self._forced(writing):
                    return

    def _interruptible(self, yes: bool) -> None:
        """Let llama.cpp ask between the parts of a computation, so that a long prompt can be left.

        It asks a hundred times for each token, which is worth it only where one call is long.
        """
        if yes != self._asked:
            self._asked = yes
            callback = self._abort if yes else self._never
            _cpp.llama_set_abort_callback(self._context, callback, None)

    def _forced(self, writing: Writing) -> list[int]:
        """The tokens that the grammar leaves no choice about, when there are several."""
        if writing.matcher is None or writing.finish:
            return []
        if writing.forced_at != len(writing.out):
            forced = writing.matcher.compute_ff_tokens()
            writing.forced = forced if len(forced) > 1 else []
            writing.forced_at = len(writing.out)
        return writing.forced

    def _took(self, writing: Writing, tokens: list[int]) -> str:
        """Count tokens in, and give their text."""
        text = ""
        for token in tokens:
            if writing.finish:
                break
            if token in self._ends:
                writing.finish = "stop"
                break
            if writing.matcher is not None and not writing.matcher.consume_token(token):
                raise GrammarWrong(writing.matcher.get_error().split("\n")[0])
            writing.out.append(token)
            text += writing.decoder.decode(self._bytes_of(token))
            if writing.matcher is not None and writing.matcher.is_stopped():
                writing.finish = "stop"
            elif len(writing.out) >= writing.most:
                writing.finish = "length"
        return text + (writing.decoder.decode(b"", final=True) if writing.finish else "")

    # Kept prefixes: what has been read once is not read again when two conversations alternate.

    def _recall(self, tokens: list[int]) -> None:
        read = self._llama.input_ids[: self._llama.n_tokens]
        here = common(read, tokens)
        best = max(self._states, key=lambda s: common(s.tokens, tokens), default=None)
        there = common(best.tokens, tokens) if best else 0
        wanted = best if best is not None and there > here + _WORTH_SAVING else None
        if wanted is not None:
            # Newest from now on, so that what is kept next does not push it out first.
            self._states.remove(wanted)
            self._states.append(wanted)
        if len(read) - here > _WORTH_SAVING:
            self._keep([int(token) for token in read])
        if wanted is not None:
            self._restore(wanted)

    def _keep(self, tokens: list[int]) -> None:
        if any(state.tokens == tokens for state in self._states):
            return
        size = _cpp.llama_state_seq_get_size(self._context, 0)
        if size > self._most_kept:
            return
        buffer = (ctypes.c_uint8 * size)()
        written = _cpp.llama_state_seq_get_data(self._context, buffer, size, 0)
        self._states.append(_State(tokens, bytes(memoryview(buffer)[:written])))
        while sum(len(state.data) for state in self._states) > self._most_kept:
            self._states.pop(0)

    def _restore(self, state: _State) -> None:
        buffer = (ctypes.c_uint8 * len(state.data)).from_buffer_copy(state.data)
        if not _cpp.llama_state_seq_set_data(self._context, buffer, len(state.data), 0):
            self._llama.reset()
            return
        count = len(state.tokens)
        self._llama.input_ids[:count] = state.tokens
        self._llama.n_tokens = count
        # The logits of a restored state are not there: the last token is read again.
        self._llama._requires_eval = True  # pyright: ignore[reportPrivateUsage]

    # Vectors

    def embed(self, text: str) -> tuple[list[float], int]:
        """The text as a vector of length one, and how many tokens it had. Long texts are cut."""
        limit = min(self.context, 512)
        llama: Any = self._llama
        vector, count = llama.embed(text, normalize=True, truncate=True, return_count=True)
        return [float(part) for part in vector], min(int(count), limit)

    # Vocabulary

    def markers(self) -> dict[str, int]:
        """The marks of tool calls that are single tokens here."""
        return {mark: self._special[mark] for mark in MARKS if mark in self._special}

    def _scan_vocabulary(self) -> None:
        """Which tokens end an answer, and which are no text: marks that a text must not forge.

        A user-defined token such as `<feed1>` is text that happens to be one token, unless it
        looks like a control token or marks a call.
        """
        control = _cpp.LLAMA_TOKEN_ATTR_CONTROL
        self._ends, self._special = set[int](), dict[str, int]()
        for token in range(self.vocabulary):
            attributes = _cpp.llama_vocab_get_attr(self._vocab, token)
            if _cpp.llama_vocab_is_eog(self._vocab, token):
                self._ends.add(token)
            defined = attributes & _cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
            if not (defined or attributes & control):
                continue
            text = self._token_text(token)
            looks_so = (text.startswith("<|") and text.endswith("|>")) or text in MARKS
            if attributes & control or looks_so:
                self._special[text] = token
        self._control = [text for text in self._special if len(text) > 2]
        # Marks of tool calls belong to an answer's text, other control tokens do not.
        self._shown = set(self.markers().values())

    def _grammar_tokenizer(self) -> LLTokenizer:
        """The vocabulary as llguidance wants it: special tokens begin with a byte no text has.

        Its own helper takes every `<word>` for special, so that a grammar could never ask for it.
        """
        if self._tokenizer is not None:
            return self._tokenizer
        special, pieces = set(self._special.values()), list[bytes]()
        for token in range(self.vocabulary):
            piece = self._bytes_of(token, special=True)
            pieces.append(b"\xff" + piece if token in special else piece)
        maker: Any = LLTokenizer
        tokenize = ctypes.cast(_cpp.llama_cpp._lib.llama_tokenize, ctypes.c_void_p).value
        made: LLTokenizer = maker.from_llamacpp(
            tokens=pieces, vocab_ptr=self._vocab, tokenize_fptr=tokenize,
            eos_token=sorted(self._ends) or [_cpp.llama_vocab_eos(self._vocab)], slices=None,
        )  # fmt: skip
        self._tokenizer = made
        return made

    def _token_text(self, token: int) -> str:
        if token < 0:
            return ""
        return _cpp.llama_vocab_get_text(self._vocab, token).decode("utf-8", "replace")

    def _bytes_of(self, token: int, *, special: bool = False) -> bytes:
        count = _cpp.llama_token_to_piece(
            self._vocab, token, self._piece, _PIECE_BYTES, 0, special or token in self._shown
        )
        if count < 0:
            # A token longer than any text needs: the text of a broken or hostile vocabulary.
            return b""
        return self._piece.raw[:count]


class _Llama(_cpp.Llama):
    """Llama with a sampler of ours where an answer is constrained: the library's costs more than
    a small model's whole token."""

    constraint: Constraint | None = None

    def _init_sampler(self, **given: Any) -> Any:
        if self.constraint is None:
            return super()._init_sampler(**given)
        sampler = _cpp._internals.LlamaSampler()
        sampler.add_custom(self.constraint)
        if given["temp"] <= 0.0:
            sampler.add_greedy()
            return sampler
        sampler.add_top_k(40)
        sampler.add_top_p(0.95, 1)
        sampler.add_min_p(0.05, 1)
        sampler.add_temp(given["temp"])
        sampler.add_dist(self._seed)
        return sampler
