// The address bar as state: views read `navigation.route` and move by links or `go`, so that back, forward and reload work everywhere.
import { formatRoute, parseRoute, type Route, type ViewName } from '../route.ts';

export const navigation: { route: Route } = $state({ route: parseRoute(location.hash) });

addEventListener('hashchange', () => {
  navigation.route = parseRoute(location.hash);
});

/** Address of a view of the open study. */
export function href(
  view: ViewName,
  open: string | null = null,
  query: Readonly<Record<string, string>> = {},
): string {
  return formatRoute({ study: navigation.route.study, view, open, query });
}

export function go(address: string): void {
  location.hash = address;
}

/** Changes some of the query of the present route, without a new step in the history. `null` takes a name out. */
export function refine(changes: Readonly<Record<string, string | null>>): void {
  const query: Record<string, string> = { ...navigation.route.query };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) Reflect.deleteProperty(query, name);
    else query[name] = value;
  }
  const route = { ...navigation.route, query };
  history.replaceState(null, '', formatRoute(route));
  navigation.route = route;
}
