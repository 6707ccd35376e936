import { networkInterfaces } from 'node:os'
import { HilError } from '../../core/errors.ts'
import type { StepFinding } from '../../core/examination.ts'
import { ownPackage } from '../../core/own-package.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { addressToListenAt } from '../../lab/listen-address.ts'
import { joinTftpServer } from '../../lab/shared-tftp-servers.ts'
import { failed, ok, warn } from './step.ts'

/** What does not depend on boards. An older Node would not have come as far as this. */
export function nodeFinding(version: string = process.versions.node): StepFinding {
  return ok(`Node ${version} (hil needs ${ownPackage().engines.node})`)
}

/** Where hil has to listen for a board; undefined where it needs no port of its own choice. */
export function wantedPort({
  network: { tftp },
  hardware,
}: BoardSpec): { readonly listen: string | undefined; readonly port: number } | undefined {
  if (tftp?.embedded === undefined) return undefined
  const { listen, port } = tftp.embedded
  if (port === undefined && 'machine' in hardware) return undefined
  return { listen, port: port ?? usualPort }
}

/** TFTP, RFC 1350. */
export const usualPort = 69

/**
 * Whether hil's TFTP server may listen on a port, tried.
 * @param listen an address or an interface; absent: all
 * @param isNeeded by a board; else it is only worth a word
 */
export async function tftpPortFinding(
  { listen, port }: { readonly listen: string | undefined; readonly port: number },
  isNeeded: boolean,
): Promise<StepFinding> {
  try {
    const host = addressToListenAt(listen, networkInterfaces())
    // Another board of the same examination may be served there just now.
    const shared = await joinTftpServer(host, port, () => undefined)
    await shared.leave()
    return ok(`hil may serve TFTP on ${host} port ${port}`)
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    const [first = '', ...commands] = error.message.split('\n')
    const words = first.replace(/\. [^.]*:$/, '')
    const advice = commands.length > 0 ? `one of these:\n${commands.join('\n')}` : remedy
    return isNeeded ? failed(words, advice, error.blame) : warn(words, advice)
  }
}

const remedy = 'free the port, or name another one that the bootloader can ask (barebox can)'
