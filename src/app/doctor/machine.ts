import { ownPackage } from '../../core/own-package.ts'
import { HilError } from '../../core/errors.ts'
import { startTftpServer } from '../../servers/tftp/tftp-server.ts'
import type { DoctorFinding } from './finding.ts'

/** What does not depend on boards. An older Node would not have come as far as this. */
export function nodeFinding(version: string = process.versions.node): DoctorFinding {
  return { level: 'ok', sentence: `Node ${version} (hil needs ${ownPackage().engines.node})` }
}

/**
 * Whether hil's TFTP server may listen on a port, tried.
 * @param who the boards that need it; without any it is only a note
 */
export async function portFinding(
  host: string,
  port: number,
  who: readonly string[],
): Promise<DoctorFinding> {
  const whose = who.length === 0 ? '' : `${who.join(', ')}: `
  try {
    const server = await startTftpServer({ host, port })
    await server.close()
    return { level: 'ok', sentence: `${whose}hil may serve TFTP on ${host} port ${port}` }
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    return { level: who.length === 0 ? 'note' : 'problem', sentence: `${whose}${error.message}` }
  }
}
