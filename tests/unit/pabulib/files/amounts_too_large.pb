META
key;value
description;Three projects in Maple Street
country;South Korea
unit;Maple Street
instance;2026
num_projects;3
num_votes;4
budget;99999999999
vote_type;approval
rule;greedy
date_begin;01.03.2026
date_end;15.03.2026
currency;KRW
PROJECTS
project_id;cost;name
a;999999999999999;Alley lamps
b;50;Bus shelter
c;0.000000001;Cycle racks
VOTES
voter_id;vote
1;a,b
2;a
3;c
4;b,a
