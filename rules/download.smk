# Download: fetch a file of a corpus from its address, from one of its other addresses (`copies`) or
# from the mirror, and check it.
#
# Needs: the registry, config `mirror`.
# Makes: data/raw/<host>/<path> and beside it <path>.receipt.json with the digest found.

DOWNLOADS = DATA.downloads()


rule download:
    """Download one file; an existing one is replaced only by a complete and checked one."""
    output:
        # `update`: otherwise Snakemake would delete the older file before the new one is complete.
        file=update("data/raw/{path}"),
        receipt=update("data/raw/{path}.receipt.json"),
    log:
        "logs/download/{path}.log",
    benchmark:
        "logs/download/{path}.benchmark.tsv"
    wildcard_constraints:
        path=one_of(DOWNLOADS),
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        runtime=60,
        # These are not params: neither another address nor the expected size changes the file, so
        # the rule does not run again if they change.
        copies=lambda w: " ".join(DOWNLOADS[w.path].copies),
        bytes=lambda w: DOWNLOADS[w.path].size or 0,
    params:
        address=lambda w: DOWNLOADS[w.path].address,
        sha256=lambda w: DOWNLOADS[w.path].sha256,
    script:
        "../workflow/scripts/download.py"
