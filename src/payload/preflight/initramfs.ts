import { error, warning, type Finding } from '../finding.ts'
import type { InitramfsContents, InitrdContents } from './facts.ts'
import type { Preflight } from './preflight.ts'

export function* checkInitramfs({ payload, contents }: Preflight): Generator<Finding> {
  const { initrds, initramfs } = contents
  for (const initrd of initrds) {
    yield* checkMembers(initrd, payload.kernel.unpacks)
  }
  if (payload.initrd.keepsOwn && !payload.image?.brings.initrd && payload.initrd.parts.length > 0) {
    yield* checkAppended(initrds)
  }
  if (initramfs !== undefined) yield* checkTree(initramfs, isComplete(payload))
}

function isComplete({ initrd, image }: Preflight['payload']): boolean {
  return !initrd.keepsOwn || image?.brings.initrd === true
}

function* checkMembers(
  { name, failure, compressions, hasForeignXzCheck }: InitrdContents,
  unpacks: Preflight['payload']['kernel']['unpacks'],
): Generator<Finding> {
  if (failure !== undefined) {
    const says = failure.details['kernelSays']
    const consequence = typeof says === 'string' ? ` (the kernel will say "${says}")` : ''
    yield error(
      failure.code,
      name,
      `${failure.message}${consequence}`,
      'pack it again; hil joins members with the padding that the kernel needs',
    )
  }
  for (const compression of new Set(compressions)) {
    if (compression === 'none') continue
    if (compression === 'lz4-frame') {
      yield error(
        'initrd.lz4-frame',
        name,
        'a member is compressed with lz4 in a format that Linux does not unpack',
        'compress with lz4 -l',
      )
    } else if (unpacks !== undefined && !unpacks.includes(compression)) {
      yield error(
        'initrd.compression',
        name,
        `a member is compressed with ${compression}, and the kernel is built without CONFIG_RD_${compression.toUpperCase()}`,
        `set that option, or compress with ${unpacks[0] ?? 'nothing'}`,
      )
    }
  }
  if (hasForeignXzCheck) {
    yield error(
      'initrd.xz-check',
      name,
      'a member is compressed with xz and a checksum that Linux does not know',
      'compress with xz --check=crc32',
    )
  }
}

/** Bootloaders add no padding, so where it will begin is not known. */
function* checkAppended([first]: readonly InitrdContents[]): Generator<Finding> {
  if (first?.compressions[0] !== 'none') return
  yield warning(
    'initrd.appended-bare',
    first.name,
    "an uncompressed archive is appended to the board's own initrd: the kernel finds it only when that one's size is a multiple of 4",
    'compress it: a compressed archive may begin anywhere',
  )
}

function* checkTree({ init, skipped, replacedLinks }: InitramfsContents, isAll: boolean): Generator<Finding> {
  if (isAll && init === 'missing') {
    yield error(
      'initramfs.no-init',
      undefined,
      'the initramfs has no /init: the kernel mounts root itself, and nothing of the initramfs, its modules included, can be seen',
      'add rsinit (--rsinit), let hil make an initramfs (--busybox), or append it to an initrd that has an init',
    )
  }
  if (init === 'not-executable') {
    yield error('initramfs.init-mode', undefined, '/init is not executable', 'give it mode 0755')
  }
  if (skipped.length > 0) {
    const [first] = skipped
    const others = skipped.length === 1 ? '' : `, and ${skipped.length - 1} more`
    yield warning(
      'initramfs.skipped',
      undefined,
      `the kernel leaves out ${first?.path} (${first?.reason})${others}`,
      'give each archive the directories that its files are in, or what it is put on top of',
    )
  }
  for (const link of replacedLinks) {
    yield warning(
      'initramfs.link-replaced',
      undefined,
      `a directory replaces the link /${link} of an earlier archive: what was reached through it is gone`,
      `put the files where the link leads (for modules: INSTALL_MOD_PATH=usr)`,
    )
  }
}
