import { HttpErrorResponse, HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { NoticeService } from './notice.service';

/** Shows what the server refuses, in the words of `error.CODE`. */
export const refusalInterceptor: HttpInterceptorFn = (request, next) => {
  const notices = inject(NoticeService);
  return next(request).pipe(
    catchError((error: HttpErrorResponse) => {
      const code = error.error?.code ?? (error.status === 0 ? 'offline' : 'other');
      notices.show(`error.${code}`);
      return throwError(() => error);
    }),
  );
};
