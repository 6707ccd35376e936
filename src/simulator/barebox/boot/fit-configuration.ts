import { matchFit, type Fit, type FitConfiguration } from '../../../codecs/fit/index.ts'
import type { RandomAccess } from '../../../codecs/random-access.ts'
import type { Barebox } from '../barebox.ts'

/** The configuration named, the one for this board, or the default; `undefined` where there is none. */
export async function chooseConfiguration(
  barebox: Barebox,
  fit: Fit,
  source: RandomAccess,
  named: string | undefined,
): Promise<FitConfiguration | undefined> {
  if (fit.configurations.size === 0) return undefined
  const name = named ?? (await findForBoard(barebox, fit, source))
  if (name === undefined) {
    await barebox.print("FIT: Couldn't get a valid configuration. Aborting.\n")
    return undefined
  }
  const configuration = fit.configurations.get(name)
  if (configuration === undefined) {
    await barebox.log('error', `FIT: configuration '${name}' not found`)
    return undefined
  }
  await barebox.print(`FIT: configuration '${name}': ${configuration.description ?? '(no description)'}\n`)
  return configuration
}

async function findForBoard(barebox: Barebox, fit: Fit, source: RandomAccess): Promise<string | undefined> {
  const { compatible } = barebox.hardware.options
  const match = await matchFit(source, fit, { board: [compatible], bootloader: 'barebox' })
  await warnOfSkipped(barebox, fit, match.how === 'compatible' ? match.configuration : undefined)
  if (match.how === 'compatible') {
    await barebox.print(`FIT: matching unit '${match.configuration ?? ''}' found\n`)
    return match.configuration
  }
  await barebox.print('FIT: No match found. Trying default.\n')
  return fit.defaultConfiguration
}

/** Configurations that can't be judged; those behind the best possible one are not looked at. */
async function warnOfSkipped(barebox: Barebox, fit: Fit, found: string | undefined): Promise<void> {
  for (const [name, configuration] of fit.configurations) {
    if (name === found) return
    const [tree] = configuration.fdt
    if (configuration.kernel === undefined || configuration.compatible.length > 0 || tree === undefined)
      continue
    const image = fit.images.get(tree)
    const reason =
      image?.data === undefined || image.data.external
        ? 'malformed'
        : image.compression === 'none'
          ? undefined
          : 'compressed'
    if (reason === undefined) continue
    await barebox.log('warning', `FIT: skipping ${reason} configuration "/configurations/${name}"`)
  }
}
