/**
 * What came behind the echo of a line and its line end. A driver of the board may have spoken before or
 * into the echo: that is left out.
 * @returns `undefined` where the line was not echoed
 */
export function afterEcho(text: string, line: string): string | undefined {
  const echo = `${line}\n`
  if (text.startsWith(echo)) return text.slice(echo.length)
  const rest = echo.slice(commonStart(text, echo))
  const at = text.indexOf(rest, echo.length - rest.length)
  return at === -1 ? undefined : text.slice(at + rest.length)
}

/** How many characters two texts have in common from their start. */
function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
