/**
 * The columns that a character takes. Rather too many than too few: a live line that is cut early is
 * ugly, one that wraps destroys what stands above it.
 */
function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  // Hangul, CJK and full-width forms, emoji; the rest of the planes above the first.
  return (code >= 0x1100 && code < 0x1160) || code >= 0x2e80 || (code >= 0x231a && code < 0x23fb) ? 2 : 1
}

/** The longest beginning of `text` that fits, with `…` where something was cut off. `text` has no controls. */
export function fitText(text: string, columns: number): string {
  let width = 0
  let end = 0
  let endWithEllipsis = 0
  for (const character of text) {
    width += widthOf(character)
    if (width > columns) return columns < 1 ? '' : `${text.slice(0, endWithEllipsis)}…`
    end += character.length
    if (width < columns) endWithEllipsis = end
  }
  return text
}
