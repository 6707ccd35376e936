/**
 * Whether a version of Node satisfies `engines`. Understands what package.json uses there, `^a.b` and
 * `>=a.b` joined by `||`, and no more. Written in the syntax of old Nodes, because they are who asks.
 *
 * @param {string} version such as `20.19.0`
 * @param {string} range such as `^20.19 || >=22.13`
 */
export function satisfiesRange(version, range) {
  return range.split('||').some((alternative) => satisfiesOne(version, alternative.trim()))
}

/**
 * @param {string} version
 * @param {string} alternative
 */
function satisfiesOne(version, alternative) {
  const match = /^(\^|>=)(\d+)\.(\d+)$/.exec(alternative)
  if (!match) throw new Error('"' + alternative + '" in engines is neither ^a.b nor >=a.b')
  const [major, minor] = version.split('.').map(Number)
  const [wantedMajor, wantedMinor] = [Number(match[2]), Number(match[3])]
  if (major === wantedMajor) return Number(minor) >= wantedMinor
  return match[1] === '>=' && Number(major) > wantedMajor
}
