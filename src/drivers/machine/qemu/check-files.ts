import { access, constants } from 'node:fs/promises'
import { HilError } from '../../../core/errors.ts'
import type { QemuOptions } from './options.ts'

/** @throws HilError `machine.file-missing` (environment) for the first file that can't be read */
export async function checkFiles(options: QemuOptions): Promise<void> {
  const { firmware, kernel, initrd, dtb, drives } = options
  const files = [
    ...Object.entries({ firmware, kernel, initrd, dtb }),
    ...drives.map(({ path }, index) => [`drives[${index}].path`, path] as const),
  ]
  for (const [option, path] of files) {
    if (path === undefined) continue
    try {
      await access(path, constants.R_OK)
    } catch (cause) {
      throw missing(option, path, cause)
    }
  }
}

function missing(option: string, path: string, cause: unknown): HilError {
  const exists = (cause as NodeJS.ErrnoException).code !== 'ENOENT'
  const what = exists ? "can't be read" : 'does not exist'
  return new HilError(
    'machine.file-missing',
    `${path} (option "${option}" of machine qemu) ${what}; ${advice(path)}`,
    {
      blame: 'environment',
      details: { option, path },
      cause,
    },
  )
}

function advice(path: string): string {
  return path.startsWith('/usr/lib/u-boot/')
    ? 'it is in the package u-boot-qemu, which "npm run setup" installs'
    : 'put the file there, or name the right one in the environment ("npm run setup" gets what Debian packages, not an image you build)'
}
