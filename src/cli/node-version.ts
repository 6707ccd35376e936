import { ownPackage } from '../core/own-package.ts'

/** Ends the process with one sentence where Node is older than `engines` in package.json allows. */
export function checkNodeVersion(version: string = process.versions.node): void {
  const { engines } = ownPackage()
  if (satisfies(version, engines.node)) return
  const wanted = engines.node.replace(/\s*\|\|\s*/g, ' or ')
  process.stderr.write(
    `hil needs Node ${wanted}, but ${process.execPath} is ${version}: install a newer one.\n`,
  )
  process.exit(2)
}

/** Understands what package.json uses: `^a.b` and `>=a.b`, joined by `||`. */
export function satisfies(version: string, range: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return range.split('||').some((alternative) => {
    const match = /^\s*(\^|>=)(\d+)\.(\d+)\s*$/.exec(alternative)
    if (match === null) return false
    if (major === Number(match[2])) return minor >= Number(match[3])
    return match[1] === '>=' && major > Number(match[2])
  })
}
