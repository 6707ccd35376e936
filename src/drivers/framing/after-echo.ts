/** How often a driver may speak into one line. */
const interruptions = 4

/**
 * What came behind the echo of a line and its line end. Drivers of the board may have spoken before and
 * into the echo, in lines of their own: those are left out.
 * @returns `undefined` where the line was not echoed
 */
export function afterEcho(text: string, line: string): string | undefined {
  const end = endOfEcho(text, 0, `${line}\n`, interruptions)
  return end === undefined ? undefined : text.slice(end)
}

/** @param echo what is still to come of it, from `from` on */
function endOfEcho(text: string, from: number, echo: string, left: number): number | undefined {
  let common = 0
  while (common < echo.length && text[from + common] === echo[common]) common++
  if (common === echo.length) return from + common
  const next = text.indexOf('\n', from) + 1
  if (next === 0 || left === 0) return undefined
  // What a driver says may begin with the very characters that were to come.
  for (let echoed = common; echoed >= 0; echoed--) {
    const end = endOfEcho(text, next, echo.slice(echoed), left - 1)
    if (end !== undefined) return end
  }
  return undefined
}
