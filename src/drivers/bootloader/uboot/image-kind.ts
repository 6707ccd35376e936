import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { readMemory } from './memory.ts'

/** Magic numbers as `md.b` shows them, by their offset. */
const kinds: readonly { readonly offset: number; readonly magic: string; readonly command: string }[] = [
  // FIT and device tree; uImage.
  { offset: 0, magic: 'd00dfeed', command: 'bootm' },
  { offset: 0, magic: '27051956', command: 'bootm' },
  // Image of arm64 and riscv ("ARM\x64", "RSC\x05"), zImage of arm.
  { offset: 0x38, magic: '41524d64', command: 'booti' },
  { offset: 0x38, magic: '52534305', command: 'booti' },
  { offset: 0x24, magic: '18286f01', command: 'bootz' },
]

/** Which command starts the image that lies at an address. */
export async function bootCommandFor(
  prompt: Pick<CommandRunner, 'run'>,
  image: { readonly name: string },
  address: string,
  t: Deadline,
): Promise<string> {
  const bytes = (await readMemory(prompt, address, 0x40, t)).toString('hex')
  const kind = kinds.find(({ offset, magic }) => bytes.startsWith(magic, offset * 2))
  if (kind !== undefined) return kind.command
  throw new HilError(
    'boot.image-unknown',
    `"${image.name}" is neither FIT, uImage, Image nor zImage, as far as U-Boot can see; name the command as boot-command if it boots all the same`,
    { blame: 'payload', details: { image, firstBytes: bytes } },
  )
}
