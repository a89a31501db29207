"""The model file that ships: it loads, reads as it was trained, and follows its template."""

import json
from pathlib import Path

import pytest

from training import tokenizer as tk

MODEL = Path(__file__).resolve().parents[2] / "data" / "models" / "starter.gguf"
TEXTS = (
    "Every weekday at 7 mail <mail1> the <num1> best stories about perovskites from <feed1>",
    "größte Änderungen, s'il te plaît: \"¿qué tal?\" 1234 don't\n\n  x\t→ 5.",
    '{"kind": "job", "when": "<when1>", "steps": ["fetch_feed", "send_email"]}',
    "<|user|>Skills<|end|><|assistant|>",
    "日本語 emoji 🙂 zażółć",
)


@pytest.fixture(scope="module")
def llama():
    llama_cpp = pytest.importorskip("llama_cpp")
    return llama_cpp.Llama(str(MODEL), n_ctx=1024, n_threads=1, verbose=False)


def fields_of(path: Path) -> dict:
    gguf = pytest.importorskip("gguf")
    return {name: field.contents() for name, field in gguf.GGUFReader(str(path)).fields.items()}


def test_the_model_is_small_enough_to_ship():
    assert MODEL.stat().st_size <= 25_000_000


def test_the_file_says_what_it_is():
    told = fields_of(MODEL)
    assert told["general.architecture"] == "llama"
    assert told["tokenizer.ggml.pre"] == tk.PRE
    assert told["tokenizer.chat_template"] == tk.TEMPLATE
    assert told["tokenizer.ggml.tokens"][:6] == tk.control()


def test_its_tokenizer_gives_the_ids_of_training(llama):
    tokenizers = pytest.importorskip("tokenizers")
    told = fields_of(MODEL)
    trained = trained_tokenizer(tokenizers, told)
    for text in TEXTS:
        ids = llama.tokenize(text.encode(), add_bos=False, special=True)
        assert ids == trained.encode(text).ids, text


def trained_tokenizer(tokenizers, told: dict):
    """The tokenizer of training, made again from the words and merges in the file."""
    words = told["tokenizer.ggml.tokens"]
    marks = set(tk.placeholders())
    vocabulary = {word: at for at, word in enumerate(words) if word not in marks}
    merges = [tuple(merge.split(" ", 1)) for merge in told["tokenizer.ggml.merges"]]
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=merges))
    made.pre_tokenizer = tk.splitter()
    made.add_special_tokens(tk.control())
    made.add_tokens([tokenizers.AddedToken(m, normalized=False) for m in tk.placeholders()])
    return made


def test_a_placeholder_is_one_token(llama):
    for mark in ("<num1>", "<feed1>", "<mail9>", "<when1>", "<quote2>"):
        assert len(llama.tokenize(mark.encode(), add_bos=False, special=False)) == 1


def test_the_template_renders_what_training_read():
    jinja2 = pytest.importorskip("jinja2")
    talk = [("system", "s"), ("user", "u"), ("assistant", "a"), ("user", "v")]
    messages = [{"role": role, "content": text} for role, text in talk]
    told = jinja2.Template(tk.TEMPLATE).render(messages=messages, add_generation_prompt=True)
    assert told == "".join(text for text, _ in tk.render(talk)) + "<|assistant|>"


def test_logits_in_llama_cpp_are_those_of_the_network(tmp_path):
    torch = pytest.importorskip("torch")
    llama_cpp = pytest.importorskip("llama_cpp")
    numpy = pytest.importorskip("numpy")
    from training import export
    from training.network import Network, Shape

    torch.manual_seed(3)
    trained = tk.train(["the best stories about bees <num1> é"] * 40 + list(TEXTS) * 5)
    shape = Shape(
        vocabulary=trained.get_vocab_size(), width=64, layers=2, heads=4, kv_heads=2, hidden=96
    )
    network = Network(shape).eval()
    path = tmp_path / "tiny.gguf"
    export.write(network, trained, path, "f32")
    llama = llama_cpp.Llama(str(path), n_ctx=256, n_threads=1, logits_all=True, verbose=False)
    ids = trained.encode(TEXTS[0]).ids
    assert llama.tokenize(TEXTS[0].encode(), add_bos=False, special=True) == ids
    llama.eval(ids)
    with torch.no_grad():
        expected = network.plain(torch.tensor(ids)).numpy()
    assert numpy.abs(numpy.array(llama.scores[: len(ids)]) - expected).max() < 2e-3


def test_requests_that_share_a_catalogue_see_only_it_and_themselves():
    torch = pytest.importorskip("torch")
    from training.network import Network, Shape

    torch.manual_seed(1)
    network = Network(
        Shape(vocabulary=50, width=32, layers=2, heads=2, kv_heads=1, hidden=48)
    ).eval()
    prefix, branches = torch.randint(0, 50, (1, 9)), torch.randint(0, 50, (1, 3, 7))
    padded = torch.cat([prefix, torch.zeros(1, 4, dtype=torch.long)], 1)
    with torch.no_grad():
        together = network(padded, torch.tensor([9]), branches)[13:].view(3, 7, -1)
        for at in range(3):
            alone = network.plain(torch.cat([prefix[0], branches[0, at]]))[9:]
            assert torch.allclose(together[at], alone, atol=1e-4)


def test_training_goes_on_from_its_checkpoint(tmp_path):
    torch = pytest.importorskip("torch")
    from training import learning, shards

    trained = tk.train(shards.texts(60))
    trained.save(str(tmp_path / "tokenizer.json"))
    shards.make(0, trained, tmp_path / "shards" / "00000.npz", packs=6)
    with __import__("numpy").load(tmp_path / "shards" / "00000.npz") as data:
        packs = learning.unpack(data)
    run = learning.Run(tmp_path, 0.01)
    before, _, _ = run.gradients(packs[:1], 0.1)
    run.move(1.0)
    run.save()
    again = learning.Run(tmp_path, 0.01)
    assert again.state["step"] == 1
    for one, other in zip(run.params, again.params, strict=True):
        assert torch.equal(one, other)
    assert before > 0
    assert json.dumps(again.state)
