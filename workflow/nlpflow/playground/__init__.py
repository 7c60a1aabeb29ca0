"""The playground: one HTML file that runs trained models in the browser, without a server.

describe.py  what the page needs of a run: settings, vocabulary, weights, scores, licences
rounded.py   weights in half precision, as text
page.py      the file: markup, style, code and models together
web/         the page's own code; models.js and what it imports need no page and also run in Node
"""
