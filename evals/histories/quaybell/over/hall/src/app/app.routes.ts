import { Routes } from '@angular/router';
import { role } from './core/role.guard';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'wall' },
  { path: 'wall', loadComponent: () => import('./wall/wall.component').then((m) => m.WallComponent) },
  {
    path: 'scale',
    canActivate: [role('scale', 'office')],
    loadComponent: () => import('./scale/scale.component').then((m) => m.ScaleComponent),
  },
  {
    path: 'lots',
    canActivate: [role('scale', 'auctioneer')],
    loadComponent: () => import('./lots/lot-sheet.component').then((m) => m.LotSheetComponent),
  },
  {
    path: 'paddle/:number',
    canActivate: [role('buyer')],
    loadComponent: () => import('./paddle/paddle.component').then((m) => m.PaddleComponent),
  },
  {
    path: 'office/buyers',
    canActivate: [role('office')],
    loadComponent: () => import('./office/buyers.component').then((m) => m.BuyersComponent),
  },
  {
    path: 'office/day',
    canActivate: [role('office')],
    loadComponent: () => import('./office/day.component').then((m) => m.DayComponent),
  },
  {
    path: 'cellar',
    canActivate: [role('cellar')],
    loadComponent: () => import('./cellar/cellar.component').then((m) => m.CellarComponent),
  },
];
