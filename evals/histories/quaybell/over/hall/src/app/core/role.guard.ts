import { inject } from '@angular/core';
import { CanActivateFn, Router } from '@angular/router';

/** The harbour's login writes the role into a cookie; the server checks it again. */
export function role(...allowed: string[]): CanActivateFn {
  return () => {
    const cookie = document.cookie.split('; ').find((each) => each.startsWith('role='));
    return allowed.includes(cookie?.slice(5) ?? '') || inject(Router).parseUrl('/wall');
  };
}
