// Subwords: the most probable segmentation under a unigram model (Kudo 2018, section 3.2), as
// SentencePiece computes it. Characters without a piece are written as bytes.

const UNKNOWN_PENALTY = 10; // below the lowest score of a piece
const SPACE = "\u2581";

export class Subwords {
  /**
   * @param pieces texts by id; those of bytes are <0x00> to <0xFF>
   * @param scores log-probabilities by id
   * @param normal the first id of an ordinary piece; special tokens and bytes come before
   */
  constructor({ pieces, scores, normal }) {
    this.pieces = pieces;
    this.scores = scores;
    this.normal = normal;
    this.ids = new Map();
    this.bytes = new Map();
    this.longest = 0;
    pieces.forEach((piece, id) => {
      if (id < normal) {
        if (/^<0x[0-9A-F]{2}>$/.test(piece)) this.bytes.set(parseInt(piece.slice(1, 5)), id);
        return;
      }
      this.ids.set(piece, id);
      this.longest = Math.max(this.longest, Array.from(piece).length);
    });
    const lowest = scores.slice(normal).reduce((least, score) => Math.min(least, score), Infinity);
    this.unknownScore = Math.fround(lowest - UNKNOWN_PENALTY);
  }

  get size() {
    return this.pieces.length;
  }

  /** The ids of the best segmentation of a normalised sentence (Viterbi 1967). */
  encode(sentence) {
    const text = sentence.replace(/ +/g, " ").replace(/^ | $/g, "");
    if (!text) return [];
    const marked = (SPACE + text.replaceAll(" ", SPACE)).replace(/\u2581+$/, "");
    const letters = Array.from(marked);
    const best = letters.map(() => null).concat(null); // what ends before each character
    best[0] = { score: 0 };
    for (let start = 0; start < letters.length; start++) {
      let single = false;
      const offer = (end, id, score) => {
        const total = best[start].score + score;
        if (best[end] === null || total > best[end].score) {
          best[end] = { score: Math.fround(total), id, start };
        }
      };
      let piece = "";
      for (let end = start + 1; end <= Math.min(letters.length, start + this.longest); end++) {
        piece += letters[end - 1];
        const id = this.ids.get(piece);
        if (id === undefined) continue;
        single ||= end === start + 1;
        offer(end, id, this.scores[id]);
      }
      if (!single) offer(start + 1, null, this.unknownScore);
    }
    const found = [];
    for (let end = letters.length; end > 0; end = best[end].start) {
      const { id, start } = best[end];
      found.push(id === null ? this.inBytes(letters[start]) : [id]);
    }
    return found.reverse().flat();
  }

  inBytes(letter) {
    return Array.from(new TextEncoder().encode(letter), (byte) => this.bytes.get(byte));
  }

  tokens(sentence) {
    return this.encode(sentence).map((id) => this.pieces[id]);
  }

  token(id) {
    return this.pieces[id];
  }

  /** The sentence of pieces; runs of bytes become characters. */
  joined(tokens) {
    const bytes = [];
    for (const token of tokens) {
      if (/^<0x[0-9A-F]{2}>$/.test(token)) bytes.push(parseInt(token.slice(1, 5)));
      else if (token === "<unk>") bytes.push(...new TextEncoder().encode(" \u2047 "));
      else if (!["<pad>", "<SOS>", "<EOS>"].includes(token)) {
        bytes.push(...new TextEncoder().encode(token.replaceAll(SPACE, " ")));
      }
    }
    return decoded(Uint8Array.from(bytes)).replace(/^ +/, "");
  }

  decode(ids) {
    return this.joined(ids.map((id) => this.pieces[id]));
  }
}

/** UTF-8 as text; each byte that belongs to no character becomes U+FFFD, as SentencePiece does. */
function decoded(bytes) {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at];
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    try {
      text += strict.decode(bytes.slice(at, at + length));
      at += length;
    } catch {
      text += "\ufffd";
      at += 1;
    }
  }
  return text;
}
