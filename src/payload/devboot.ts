import { payloadError } from '../codecs/payload-error.ts'
import { nonceArgument, type Payload } from './payload.ts'

/** Whom barebox takes the script to be for. */
export interface DevbootFor {
  /** `global.user`; barebox's default is `none`. */
  readonly user: string
  /** `global.hostname`, or `global.arch` for all boards of an architecture. */
  readonly host: string
}

/** The name under which barebox's `devboot` asks the server for its script. */
export function devbootName({ user, host }: DevbootFor): string {
  return `${user}-devboot-${host}`
}

/**
 * The script by which barebox's `devboot` boots a payload (barebox 2026.04 or later). It sets only what it
 * uses: `devboot` knows no variables of an earlier attempt, and barebox has no `unset`.
 */
export function devbootScript(payload: Payload): string {
  const bootargs = [...payload.bootargs, nonceArgument(payload)].join(' ')
  return [
    devbootVariables(payload, ({ name }) => name),
    `global linux.bootargs.dyn.hil=${quote(bootargs)}\n`,
  ].join('')
}

/**
 * The part of such a script that says what replaces what: for who sets the command line otherwise.
 *
 * @param name the name of an artifact on the server
 */
export function devbootVariables(
  payload: Payload,
  name: (artifact: { readonly name: string }) => string,
): string {
  const values = overrideValues(payload, name)
  const lines = (['image', 'initrd', 'oftree'] as const).flatMap((part) => {
    const value = values[part]
    return value === undefined ? [] : [`devboot_${part}=${quote(value)}`]
  })
  return [
    `# hil payload ${payload.nonce}${payload.kernel.release === undefined ? '' : `, Linux ${payload.kernel.release}`}`,
    ...lines,
    '',
  ].join('\n')
}

export interface OverrideValues {
  readonly image: string | undefined
  readonly initrd: string | undefined
  readonly oftree: string | undefined
}

/** What `bootm.image`, `bootm.initrd` and `bootm.oftree` are to be; undefined: they are left alone. */
export function overrideValues(
  { image, initrd, deviceTree }: Payload,
  name: (artifact: { readonly name: string }) => string,
): OverrideValues {
  const parts = initrd.parts.map(name)
  const overlays = deviceTree.overlays.map(name)
  const base = typeof deviceTree.base === 'string' ? '' : name(deviceTree.base)
  if (deviceTree.base === 'bootloader' && overlays.length > 0) {
    throw payloadError(
      'payload.overlay-on-live-tree',
      `barebox can't apply ${overlays.join(', ')} to its own live device tree: give a device tree too`,
      { overlays },
    )
  }
  return {
    image: image && name(image.artifact),
    initrd:
      initrd.keepsOwn && parts.length === 0 ? undefined : list(initrd.keepsOwn ? ['', ...parts] : parts),
    oftree: deviceTree.base === 'own' && overlays.length === 0 ? undefined : list([base, ...overlays]),
  }
}

function list(names: readonly string[]): string {
  return names.join(':')
}

/** In barebox's shell nothing is special within single quotes. */
function quote(value: string): string {
  if (!/['\n]/.test(value)) return `'${value}'`
  throw payloadError(
    'payload.unquotable',
    `${JSON.stringify(value)} can't stand in a script of barebox: its quotes within quotes get lost`,
    { value },
  )
}
