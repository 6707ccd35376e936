import { join } from 'node:path'
import { digestFile } from '../core/digest-file.ts'
import { artifactsOf, type Finding, type Payload } from '../payload/index.ts'

/** Whether the files of a payload are those that `payload.json` speaks of. */
export async function verifyArtifacts(directory: string, payload: Payload): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, sha256, size } of artifactsOf(payload)) {
    const digest = await digestFile(join(directory, name)).catch(() => undefined)
    if (digest?.sha256 === sha256) continue
    const sentence =
      digest === undefined
        ? `${name} is not in the payload's directory`
        : digest.size === size
          ? `${name} is not the file that payload.json speaks of: its SHA-256 is another`
          : `${name} has ${digest.size} bytes where payload.json says ${size}`
    findings.push({
      severity: 'error',
      code: 'payload.stale',
      file: name,
      sentence,
      remedy: 'build the payload again',
    })
  }
  return findings
}
