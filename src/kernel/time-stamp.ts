/**
 * The time stamp a kernel line begins with (`CONFIG_PRINTK_TIME`): `[    1.234567]`, with the task or
 * CPU that spoke where `CONFIG_PRINTK_CALLER` is set (`[    1.234567][  T123]`), after the level where
 * the line comes from `/dev/kmsg` or a raw console (`<6>[    1.234567]`). Source of a regular
 * expression; its one group is the time.
 */
export const timeStampSource = String.raw`(?:<\d{1,3}>)?\[ {0,8}(\d{1,8}\.\d{6})\](?:\[ {0,8}[CT]\d{1,8}\])?`

/** The beginning of a kernel line as a bounded pattern without groups, to be put into larger ones. */
export const timeStampStart = String.raw`(?:<\d{1,3}>)?\[ {0,8}\d{1,8}\.\d{6}\]`
