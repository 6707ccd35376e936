import { bareboxImage } from '../../../scripts/setup/places.mjs'
import type { Files } from '../../support/environment-files.ts'

/** A board that barebox boots from its own disk, and what a test of it needs. */
export interface DiskBoard {
  readonly name: string
  readonly needs: readonly string[]
  /** Its machine, as an environment has it: `disk` is among the files, or what lies on it below `root/`. */
  readonly machine: (files: Files) => string
}

/** @param bootargs of the board's own entry, where its disk does not say them */
export function bareboxDiskBoards(bootargs = ''): readonly DiskBoard[] {
  const own = bootargs === '' ? '' : `, bootargs: ${bootargs}`
  return [
    {
      name: 'barebox',
      needs: ['barebox', 'mke2fs'],
      machine: (files) =>
        `driver: qemu, firmware: "${bareboxImage()}", drives: [{ path: "${files.path('disk')}" }]`,
    },
    {
      name: 'the simulated barebox',
      needs: ['qemu'],
      machine: (files) => `driver: simulator-qemu, stock: { kernel: "${files.path('root/Image')}"${own} }`,
    },
  ]
}
