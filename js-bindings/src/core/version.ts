// The version of the package, put in by the build from package.json.
declare const __PACKAGE_VERSION__: string;

/**
 * The version of this package.
 *
 * @example
 * console.log(version);
 */
export const PACKAGE_VERSION: string =
  typeof __PACKAGE_VERSION__ === 'string' ? __PACKAGE_VERSION__ : 'development';
