import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Piece {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  title!: string;

  @Column()
  composer!: string;

  @Column({ name: 'shelf_mark' })
  shelfMark!: string;
}

/** One printed score with a number on its cover. */
@Entity('sheet_copy')
export class SheetCopy {
  @PrimaryColumn()
  number!: number;

  @Column({ name: 'piece_id' })
  pieceId!: number;

  @Column({ name: 'withdrawn_at', type: 'timestamptz', nullable: true })
  withdrawnAt!: Date | null;
}

@Entity('copy_loan')
export class CopyLoan {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'copy_number' })
  copyNumber!: number;

  @Column({ name: 'singer_id' })
  singerId!: number;

  @Column({ name: 'lent_at', type: 'timestamptz' })
  lentAt!: Date;

  @Column({ name: 'due_on', type: 'date' })
  dueOn!: string;

  @Column({ name: 'returned_at', type: 'timestamptz', nullable: true })
  returnedAt!: Date | null;
}

/** A page that may be read on a screen while the licence lasts. */
@Entity()
export class ScanPage {
  @PrimaryColumn({ name: 'piece_id' })
  pieceId!: number;

  @PrimaryColumn()
  page!: number;

  @Column()
  file!: string;

  @Column({ name: 'rights_until', type: 'date', nullable: true })
  rightsUntil!: string | null;
}
