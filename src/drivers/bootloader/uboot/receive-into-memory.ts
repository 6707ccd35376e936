import type { ReceivedFile } from '../../../board/bootloader.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import type { UbootOptions } from '../uboot.ts'
import { fetchFile } from './fetch-file.ts'
import { bringUpNetwork } from './network.ts'
import { receiveFile } from './receive-file.ts'

/** Brings a file to an address, by the network or over the console. */
export async function receiveIntoMemory(
  session: PromptSession,
  { from, observe, ...file }: ReceivedFile,
  address: string,
  options: UbootOptions,
  t: Deadline,
): Promise<void> {
  if (!/^(?:0x)?[0-9a-f]{1,16}$|^\$\{?\w{1,60}\}?$/i.test(address)) {
    throw new HilError(
      'transfer.refused',
      `U-Boot takes a file to an address of its memory, such as 0x42000000 or $loadaddr, and "${address}" is none`,
      { blame: 'test', details: { address } },
    )
  }
  if (from === 'console') {
    await receiveFile(session, file, address, observe, t)
  } else {
    await bringUpNetwork(session, from, options, t)
    await fetchFile(session, file, address, from, t)
  }
}
