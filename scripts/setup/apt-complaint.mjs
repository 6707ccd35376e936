/**
 * The lines of apt's output that say what went wrong: its error, and what it could not reach.
 *
 * @param {string} output
 */
export function aptComplaint(output) {
  const lines = output.split('\n').map((line) => line.trim().replace(/\s+/g, ' '))
  const error = lines.find((line) => line.startsWith('E: '))
  const unreachable = lines.find((line) => line.startsWith('W: Failed to fetch '))
  const complaints = [error, unreachable].filter((line) => line !== undefined)
  if (complaints.length === 0) complaints.push(lines.findLast((line) => line !== '') ?? 'nothing')
  return complaints.map((line) => line.replace(/^[EW]: /, '').replace(/\.$/, '')).join('; ')
}
