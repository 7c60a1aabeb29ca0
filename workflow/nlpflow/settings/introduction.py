"""The prose of config/README.md; its YAML examples are loaded by a test."""

INTRODUCTION = """
<!-- Generated: edit workflow/nlpflow/settings, then run python -m nlpflow.settings.docs -->

# Configuration

A config is one YAML file that says what one run of the workflow makes: which corpora are prepared
and how (`datasets`), what the models read (`vocabularies`), and what is trained and evaluated
(`experiments`, each under several random seeds). The file is checked before anything runs: an
unknown key, a wrong type or a name that does not exist stops the run with one line that names the
path of the key.

| File | What it is |
| --- | --- |
| `config.yaml` | the default: a small sample that lies in this repository; needs no network |
| `tatoeba.yaml` | translation at full size: the tutorial's data, and Tatoeba's Spanish |
| `attentions.yaml` | every attention on the tutorial's data, under one training |
| `ablations.yaml` | what each choice of the tuned translator is worth |
| `french.yaml` | the whole French-English file of Tatoeba, on one core |
| `french-gpu.yaml` | the same for a GPU: larger, both directions |
| `spanish.yaml` | the whole Spanish-English file, both directions |
| `language_id.yaml` | language identification on Tatoeba |
| `embeddings.yaml` | word embeddings of Tatoeba's English, and what they are worth to a tagger |
| `tagging.yaml` | part-of-speech tags of an English and a French treebank |
| `entities.yaml` | the entities of two English sets |
| `corpora.yaml` | the registry: where corpora come from, their licences, how they are read |
| `config.schema.json`, `corpora.schema.json` | the tables below as JSON schemas |

    snakemake --cores all                                       # config/config.yaml
    snakemake --cores all --configfile config/tatoeba.yaml      # another config, instead of it
    snakemake --cores all --configfile config/tatoeba.yaml --config mirror=/data/mirror

- `--configfile` replaces the default config, it is not merged into it. Several files given at
  once are merged, and `--config key=value` sets keys of the top level.
- A **mirror** is a folder that stands for the network: with `mirror: /data/mirror` the address
  `https://host/path/file.zip` is read from `/data/mirror/host/path/file.zip`. Digests are checked
  all the same.
- Paths are relative to the folder that Snakemake runs in, but for the registry and local files
  (corpora, annotations, test sets, vectors): they are looked for in the folder of the Snakefile
  first. Run from another folder ([docs/elsewhere.md](../docs/elsewhere.md)), give yours names that
  the project does not have. `results/...` is what this workflow has made, always below the folder
  that it runs in. Absolute paths work too.
- Editors with the YAML language server complete and check keys as you type if the first line of
  the file is `# yaml-language-server: $schema=config.schema.json` (for a registry:
  `corpora.schema.json`).

## Another language pair

No code is needed: one corpus in the registry, and a config with a dataset, a vocabulary and
experiments. The corpus, in `corpora.yaml` or in a file of your own that the config names as its
`registry`:

```yaml
tatoeba-ita-eng:
  title: English-Italian sentence pairs from Tatoeba
  licence: CC BY 2.0 FR
  attribution: www.manythings.org/anki and tatoeba.org, sentences by their Tatoeba contributors
  reader: tsv
  languages: [eng, ita]  # in the order of the columns
  files:
    - address: https://www.manythings.org/anki/ita-eng.zip
      member: ita.txt  # read in place, nothing is unpacked
```

The config, for example `config/italian.yaml`:

```yaml
name: italian

datasets:
  italian:
    kind: pairs
    corpus: tatoeba-ita-eng
    source: ita  # either direction; another dataset may take the other one
    target: eng
    normalisation: cased
    filters:
      fewer_tokens_than: 12

vocabularies:
  italian:
    dataset: italian
    min_count: 2

experiments:
  italian-additive:
    label: Italian to English
    task: translation
    vocabulary: italian
    model:
      attention: additive
      bidirectional: true
      dropout: 0.2
    training:
      epochs: 20
    seeds: [1, 2, 3]

grids:
  size:
    experiment: italian-additive
    parameter: model.hidden
    values: [128, 512]
    seeds: [1]
```

A **grid** makes several experiments from one: here `italian-additive-hidden-128` and
`italian-additive-hidden-512`, each under random seed 1. The base experiment runs as well.

## Is it better, or lucky?

An experiment with `compare_with: italian-plain` is held against that one: the same task and
dataset, on the random seeds and test sets that both have. In
`results/compare/<config>/<task>/significance.tsv` is the difference of their mean scores, the
interval that holds 95 per cent of 1,000 resamples of the test sentences (the same sentences for
every run of both), and a two-sided p value; the report draws them, and marks p < 0.05 in its table.
With many comparisons some p values are small by luck: of twenty without a difference, one is below
0.05.

## Your own files

An address without `http://` or `https://` is the path of a local file, looked for in the folder of
the Snakefile and then in the one that Snakemake runs in: plain text, `.gz`, or a zip archive with a
`member`. With the reader `tsv` a line holds a pair, its sides divided by a tab; with `aligned` each
language has its own file, and equal line numbers belong together. A corpus that is divided already
says so with a `split` on every file; the `split` settings of its datasets are then ignored, and
training pairs that share a sentence with dev or test are left out.

```yaml
my-pairs:
  title: Our own pairs
  licence: proprietary
  attribution: our team
  reader: tsv
  languages: [eng, fra]
  files:
    - address: data/own/pairs.tsv
  annotations: data/own/annotations.tsv

my-aligned-files:
  title: Two files, line by line
  licence: CC BY 4.0
  attribution: our team
  reader: aligned
  languages: [eng, deu]
  files:
    - {address: data/own/text.en, language: eng}
    - {address: data/own/text.de, language: deu}

my-divided-files:
  title: Files with their own split
  licence: CC BY 4.0
  attribution: our team
  reader: aligned
  languages: [eng, deu]
  files:
    - {address: data/own/train.en.gz, language: eng, split: train}
    - {address: data/own/train.de.gz, language: deu, split: train}
    - {address: data/own/dev.en, language: eng, split: dev}
    - {address: data/own/dev.de, language: deu, split: dev}
    - {address: data/own/test.en, language: eng, split: test}
    - {address: data/own/test.de, language: deu, split: test}
```

A **test set of your own** needs no corpus. The config names its files, and experiments name the
test set, as in `test_sets: [test, minutes]`:

```yaml
test_sets:
  minutes:
    languages: [ita, eng]  # in the order of the files, or of the columns of one file
    files: [data/own/minutes.it, data/own/minutes.en]
```

One file has a pair a line, its sides divided by a tab; of two aligned files equal line numbers
belong together. Every line counts, in order, with its one reference; a malformed one stops the
run.

It gets the normalisation of the experiment's dataset and none of its filters, and is held against
the training set: `metrics.json` says how many pairs share a sentence with it on either side, apart
from case, accents and punctuation (`overlap`), and has the scores of all sentences and of those
that share none (`..._without_overlap`).

**Annotations** are a tab-separated file with a header. Its columns are the corpus's languages,
holding both sentences exactly as the corpus has them, and `alignment` or `group` or both. An
alignment such as `0-0 1-2` joins words of the first language to words of the second, counted from
0 after normalisation `tutorial`; the attention of models on such a dataset is measured against
it. Datasets with another normalisation leave alignments out. Pairs of one group never stand on
both sides of the split.

## What YAML makes of some values

- `1e-3` is text: write `0.001` or `1.0e-3`.
- `no`, `yes`, `on` and `off` are truth values: the language code of Norwegian is `"no"`, in
  quotes.
- `12`, `1.0` and `null` are not text: put a label or a salt that looks like one in quotes.
- A key with nothing behind it is `null`, not an empty section: leave the key out.
- The second of two equal keys silently replaces the first.

In the tables below `<name>` is a name of your choice and `[]` an entry of a list. *As below* means
that the section may be left out and then has the defaults of its own table.
"""
