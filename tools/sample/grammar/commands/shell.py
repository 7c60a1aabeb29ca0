"""Requests for shell commands, with the commands."""

from grammar.choice import one
from grammar.commands import names
from grammar.commands.templates import Values, chosen, filled, pieces, templates

REQUESTS = 1200
_PIPE = "¦"  # in the table, whose cells `|` divides
_TABLE = """
head -n {number} {file} | show the first {number} lines of {file} | print the top {number} lines of the file {file}
tail -n {number} {file} | show the last {number} lines of {file} | print the end of {file}, {number} lines
wc -l {file} | how many lines has {file}? | count the lines of {file}
sort {file} | print {file} in alphabetical order | sort the lines of {file}
sort {file} ¦ uniq -c | count how often each line of {file} occurs
cat {file} {file2} > {file3} | put {file} and {file2} together into {file3} | write {file} and then {file2} to {file3}
cp {file} {folder}/ | copy {file} into the folder {folder} | put a copy of {file} in {folder}
mv {file} {file2} | rename {file} to {file2} | give {file} the name {file2}
mv *.{ending} {folder}/ | move all {ending} files to {folder} | all files that end in .{ending} belong in {folder}
rm {file} | delete {file} | remove the file {file}
rm -r {folder} | delete the folder {folder} and all that is in it
mkdir {folder} | make a folder {folder} | create the directory {folder}
ls -l {folder} | list the files of {folder} with their sizes | show what is in {folder}, with details
ls -t {folder} ¦ head -n {number} | show the {number} newest files of {folder}
find {folder} -name "*.{ending}" | find all {ending} files below {folder} | search {folder} for files that end in .{ending}
find {folder} -mtime -{number} | find files in {folder} that changed in the last {number} days
find {folder} -size +{number}k | which files in {folder} are larger than {number} kilobytes?
find {folder} -name "*.{ending}" ¦ xargs wc -l | count the lines of all {ending} files below {folder}
grep "{word}" {file} | show the lines of {file} with {word} | search for {word} in {file}
grep -c "{word}" {file} | how many lines of {file} contain {word}? | count the lines with {word} in {file}
grep -r "{word}" {folder} | search for {word} in all files of {folder} | find {word} anywhere below {folder}
sed -i "s/{word}/{word2}/g" {file} | replace {word} by {word2} in {file} | change every {word} in {file} to {word2}
tar -czf {folder}.tar.gz {folder} | pack the folder {folder} | make a compressed archive of {folder}
chmod +x {file} | make {file} executable | let me run {file}
du -sh {folder} | how much space does {folder} take? | show the size of {folder}
diff {file} {file2} | what is different between {file} and {file2}? | compare {file} with {file2}
"""
VALUES: Values = {
    "file": names.file,
    "folder": names.stem,
    "ending": names.ending,
    "word": lambda salt: names.name(salt).lower(),
    "number": lambda salt: str(one(salt, range(2, 60))),
}


def aligned() -> tuple[str, str]:
    """The lines of the requests, each once, and the lines of their commands."""
    found: dict[str, str] = {}
    number = 0
    while len(found) < REQUESTS:
        number += 1
        command, request = chosen(_TEMPLATES, f"shell {number}")
        parts = pieces(request, VALUES, f"shell {number}")
        found.setdefault("".join(part.text for part in parts), filled(command, parts).replace(_PIPE, "|"))
    return "".join(f"{text}\n" for text in found), "".join(f"{text}\n" for text in found.values())


_TEMPLATES = templates(_TABLE)
