import { error, type Finding } from '../finding.ts'
import { artifactsOf } from '../payload.ts'
import type { Preflight } from './preflight.ts'

/** barebox keeps paths in lines of 1024 characters; TFTP packets hold 512. */
const maximumName = 128

/** Bootloaders split paths at `@` and `:` and white space, and expand `$`, `*` and quotes. */
export function* checkNames({ payload }: Preflight): Generator<Finding> {
  for (const { name } of artifactsOf(payload)) {
    const fault =
      name.length > maximumName
        ? `is longer than ${maximumName} characters`
        : /^[\w.+-][\w.+/-]*$/.test(name)
          ? undefined
          : `has the character ${JSON.stringify(/[^\w.+/-]/.exec(name)?.[0] ?? name[0])}`
    if (fault === undefined) continue
    yield error(
      'name.unusable',
      name,
      `the name ${JSON.stringify(name)} ${fault}, which bootloaders do not take`,
      'rename the file: letters, digits and . _ + - are safe',
    )
  }
}
