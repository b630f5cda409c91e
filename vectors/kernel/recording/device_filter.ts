/**
 * Filters for events that name their device: less noise, and nothing of other file systems
 * (Documentation/trace/events.rst, "Event filtering").
 *
 * @module
 */

/** A filter that passes events of these devices; undefined if the event does not name one. */
export function deviceFilter(format: string, devices: readonly string[]): string | undefined {
  const [, field] = /^\tfield:[^;]*\b(dev|s_dev|sb_dev);/m.exec(format) ?? [];
  if (devices.length === 0) return undefined;
  if (field !== undefined) {
    return devices.map((device) => `${field} == ${numberOf(device)}`).join(" || ");
  }
  // The name of a backing_dev_info is the number of its device.
  return /^\tfield:char name\[32\];/m.test(format)
    ? devices.map((device) => `name == "${device}"`).join(" || ")
    : undefined;
}

/** `8:1` as the kernel's dev_t: 20 bits for the minor number. */
function numberOf(device: string): number {
  const [major = 0, minor = 0] = device.split(":").map(Number);
  return major * 2 ** 20 + minor;
}
