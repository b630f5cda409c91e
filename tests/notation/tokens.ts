/**
 * Cuts lines of the notation into words.
 *
 * @module
 */

const token =
  /\s*(?:(?<hex>0x[0-9a-f]+)|(?<number>\d+)|(?<word>"[^"]*")|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|<<|[-+*/%&<>=?:,()[\]]))/y;

/** A piece of a line. */
export interface Token {
  readonly kind: "number" | "word" | "name" | "sign";
  readonly text: string;
}

/** The pieces of a line. Throws a SyntaxError where there is none. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const { hex, number, word, name, sign } = token.exec(text)?.groups ?? {};
    if (hex !== undefined) tokens.push({ kind: "number", text: hex });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (word !== undefined) tokens.push({ kind: "word", text: word.slice(1, -1) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else throw new SyntaxError(`${text}: nothing known at ${at}`);
  }
  return tokens;
}
