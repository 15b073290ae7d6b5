META
key;value
unit;Maple Street
instance;2026
num_projects;
budget;100
vote_type;approval
date_begin;01.03.2026
date_end;15.03.2026
currency;KRW
PROJECTS
project_id;cost;name
a;60;Alley lamps
b;50;Bus shelter
c;40;Cycle racks
VOTES
voter_id;vote
1;a,b
2;a
3;c
4;b,a
