/** What of a program's output fits in a sentence, in characters. */
const quotedLength = 2000

/** The end of what a program said, where it says why it failed; all of it where that is short. */
export function endOf(output: string): string {
  const text = output.trim()
  return text.length > quotedLength ? `...${text.slice(-quotedLength)}` : text
}
