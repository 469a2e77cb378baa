(* Proof that a statement fails at numbers: the true derivative, and intervals that do not meet. *)
Require Import Reals ZArith Lra Lia.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Certify Require Import Sums Derivatives Tactics.
Open Scope R_scope.

(* All that can be computed without knowing what a real number is. *)
Ltac computed :=
  cbv [Sum first ISum ifirst delta idelta upd upd2 Z.eqb Pos.eqb andb Z.to_nat Pos.to_nat
       Pos.iter_op Nat.add Z.sub Z.add Z.opp Z.mul Pos.mul Z.pos_sub Pos.add Pos.succ Pos.add_carry
       Pos.sub Pos.sub_mask Pos.double_mask Pos.succ_double_mask Pos.double_pred_mask Pos.pred_double
       Z.double Z.succ_double Z.pred_double Z.of_nat Pos.of_succ_nat Z.leb Z.compare Pos.compare
       Pos.compare_cont].
Lemma differ_by (a b a' b' : R) : a = a' -> b = b' -> a' <> b' -> a <> b.
Proof. congruence. Qed.
Ltac slopes_taken := unfold partial, partial2; lazymatch goal with
  | |- context[Derive] => eapply differ_by; [simplify | simplify |]
  | |- _ => idtac
  end.
Ltac different := slopes_taken; computed; decided; first
  [ apply Rlt_not_eq; lra | apply Rgt_not_eq; lra
  | apply Rlt_not_eq; interval with (i_prec 40) | apply Rgt_not_eq; interval with (i_prec 40) ].

(* The hypotheses: integers are compared, place by place of a list. *)
Ltac integers :=
  repeat match goal with
    | |- context[Z.eqb ?a ?b] => destruct (Z.eqb_spec a b)
    | H : context[Z.eqb ?a ?b] |- _ => destruct (Z.eqb_spec a b)
    end; cbn [andb] in *; first [ lia | congruence ].
Ltac side_condition := intros; cbv beta in *;
  lazymatch goal with
  | |- ex_partial _ _ _ => eexists; differentiate
  | |- ex_partial2 _ _ _ _ => eexists; differentiate
  | |- _ => integers
  end.
Ltac falls := repeat (split; [ side_condition | ]); unfold has_partial, has_partial2;
  lazymatch goal with
  | |- exists l, is_derive _ _ _ /\ _ => eexists; split; [differentiate | at_the_point; different]
  | |- _ => different
  end.
